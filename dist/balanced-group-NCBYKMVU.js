function a(r,n){return e(r,n.slice(n.indexOf(":loadbalancer/")+14))}function e(r,n){return{targetGroupArn:r,targetGroup:r.slice(r.indexOf("targetgroup/")),loadBalancer:n}}export{a,e as b};
