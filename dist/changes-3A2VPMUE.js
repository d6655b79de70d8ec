import{a}from"./git-SDDIKLIZ.js";import"./clock-YYITXEHT.js";export{a as findChanges};
