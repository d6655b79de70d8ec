import{a}from"./rollback-FXPGVQ3X.js";import{a as r}from"./main-step-3EKTAWCI.js";await r(a,async(i,o)=>(await import("./rollback-TEBCTCUJ.js")).rollBackService(i,o));
