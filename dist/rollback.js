import{a}from"./rollback-RAHAGDUB.js";import{a as r}from"./main-step-CG3P5V4D.js";await r(a,async(i,o)=>(await import("./rollback-6U5RMV7Q.js")).rollBackService(i,o));
