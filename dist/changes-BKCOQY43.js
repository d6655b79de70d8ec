import{a}from"./git-MKEVX7ZT.js";import"./clock-YYITXEHT.js";export{a as findChanges};
