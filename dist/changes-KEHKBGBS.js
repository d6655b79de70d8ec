import{a}from"./git-5VZON3TR.js";import"./clock-YYITXEHT.js";export{a as findChanges};
