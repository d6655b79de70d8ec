import{a}from"./rollback-WOZ3ZNJN.js";import{a as r}from"./main-step-A33PCZX4.js";await r(a,async(i,o)=>(await import("./rollback-6JGOQZRE.js")).rollBackService(i,o));
