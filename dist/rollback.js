import{a}from"./rollback-YLSXTJKZ.js";import{a as r}from"./main-step-SMMD74XK.js";await r(a,async(i,o)=>(await import("./rollback-EWWJI6G6.js")).rollBackService(i,o));
