import{a}from"./rollback-73H3RCZL.js";import{a as r}from"./main-step-ZOPT7F2Q.js";await r(a,async(i,o)=>(await import("./rollback-NMQQRMNP.js")).rollBackService(i,o));
