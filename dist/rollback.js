import{a}from"./rollback-YLSXTJKZ.js";import{a as r}from"./main-step-HHGXOJSY.js";await r(a,async(i,o)=>(await import("./rollback-WFXYJHVH.js")).rollBackService(i,o));
