import{a}from"./git-6WT5O53M.js";import"./clock-YYITXEHT.js";export{a as findChanges};
