import{a}from"./git-AC2Y5KZI.js";import"./clock-YYITXEHT.js";export{a as findChanges};
