import{createRequire}from'node:module';const require=createRequire(import.meta.url);
import{a as n,b as t}from"./chunk-XA4VNDAE.js";function b({from:o,to:m}){let e=`a whole number from ${o} to ${m}`;return{allowed:e,parse:r=>/^\d{1,15}$/.test(r)&&Number(r)>=o&&Number(r)<=m?{value:Number(r)}:n(`${t(r)} is not ${e}`,`write ${e}`)}}export{b as a};
