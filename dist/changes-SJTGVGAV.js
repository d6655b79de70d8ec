import{a}from"./git-SBHYMWA2.js";import"./clock-YYITXEHT.js";export{a as findChanges};
