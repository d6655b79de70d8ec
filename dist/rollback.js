import{a}from"./rollback-CKBABXVP.js";import{a as r}from"./main-step-ZZMRDE7S.js";await r(a,async(i,o)=>(await import("./rollback-ZKKMZKSJ.js")).rollBackService(i,o));
