import{a}from"./git-L4TVKEF6.js";import"./clock-YYITXEHT.js";export{a as findChanges};
