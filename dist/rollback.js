import{a}from"./rollback-7P5RWPL7.js";import{a as r}from"./main-step-CKICGFL3.js";await r(a,async(i,o)=>(await import("./rollback-TWMAQQQN.js")).rollBackService(i,o));
