import{a}from"./rollback-4EMBL5LT.js";import{a as r}from"./main-step-K2OQOS6D.js";await r(a,async(i,o)=>(await import("./rollback-JZO5KNNF.js")).rollBackService(i,o));
