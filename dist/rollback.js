import{a}from"./rollback-YLSXTJKZ.js";import{a as r}from"./main-step-6OCCPVOU.js";await r(a,async(i,o)=>(await import("./rollback-H6FJVRMY.js")).rollBackService(i,o));
