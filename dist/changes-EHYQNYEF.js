import{a}from"./git-FMHILQVL.js";import"./clock-YYITXEHT.js";export{a as findChanges};
