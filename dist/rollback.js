import{a}from"./rollback-7P5RWPL7.js";import{a as r}from"./main-step-SP3PRREC.js";await r(a,async(i,o)=>(await import("./rollback-7ANZKTC3.js")).rollBackService(i,o));
