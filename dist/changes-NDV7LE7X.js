import{a}from"./git-KBZZ2OBP.js";import"./clock-YYITXEHT.js";export{a as findChanges};
