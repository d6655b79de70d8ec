import{a}from"./git-743V45ZZ.js";import"./clock-YYITXEHT.js";export{a as findChanges};
