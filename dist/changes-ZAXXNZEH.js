import{a}from"./git-UBRDZUZS.js";import"./clock-YYITXEHT.js";export{a as findChanges};
