import{a}from"./rollback-YLSXTJKZ.js";import{a as r}from"./main-step-J5LOPW2U.js";await r(a,async(i,o)=>(await import("./rollback-AJTXX3RU.js")).rollBackService(i,o));
