import{a}from"./rollback-SCOGSEVF.js";import{a as r}from"./main-step-XOBIXWMF.js";await r(a,async(i,o)=>(await import("./rollback-UERUHDHD.js")).rollBackService(i,o));
