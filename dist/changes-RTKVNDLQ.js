import{a}from"./git-6BZDIWG4.js";import"./clock-YYITXEHT.js";export{a as findChanges};
