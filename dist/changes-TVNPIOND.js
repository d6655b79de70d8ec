import{a}from"./git-BBSE3AUE.js";import"./clock-YYITXEHT.js";export{a as findChanges};
