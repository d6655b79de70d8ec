import{a}from"./rollback-KMX4LDCE.js";import{a as r}from"./main-step-D3IDXAYO.js";await r(a,async(i,o)=>(await import("./rollback-BHQYPRAZ.js")).rollBackService(i,o));
