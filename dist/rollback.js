import{a}from"./rollback-4EMBL5LT.js";import{a as r}from"./main-step-A64JNPQ5.js";await r(a,async(i,o)=>(await import("./rollback-WGQ67W5X.js")).rollBackService(i,o));
