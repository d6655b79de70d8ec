import{a}from"./git-2RQPKMDX.js";import"./clock-YYITXEHT.js";export{a as findChanges};
