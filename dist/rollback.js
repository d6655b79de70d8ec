import{a}from"./rollback-RAHAGDUB.js";import{a as r}from"./main-step-D5U2CMNG.js";await r(a,async(i,o)=>(await import("./rollback-6U5RMV7Q.js")).rollBackService(i,o));
