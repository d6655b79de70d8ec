async function i(n){let{GetCallerIdentityCommand:t,STSClient:e}=await import("./sts-76S4X5FX.js"),{Account:l=null,Arn:r=null}=await new e(n).send(new t);return{account:l,arn:r}}export{i as a};
