import{a}from"./git-WNJCVT3T.js";import"./clock-YYITXEHT.js";export{a as findChanges};
