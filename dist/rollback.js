import{a}from"./rollback-7P5RWPL7.js";import{a as r}from"./main-step-47SKRRWO.js";await r(a,async(i,o)=>(await import("./rollback-FSNC6LYN.js")).rollBackService(i,o));
