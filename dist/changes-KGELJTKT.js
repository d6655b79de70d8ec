import{a}from"./git-FMUAJVUM.js";import"./clock-YYITXEHT.js";export{a as findChanges};
