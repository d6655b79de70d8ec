import{a}from"./git-RMWF7TYL.js";import"./clock-YYITXEHT.js";export{a as findChanges};
