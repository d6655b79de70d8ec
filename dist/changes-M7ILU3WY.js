import{a}from"./git-GNZDQSZO.js";import"./clock-YYITXEHT.js";export{a as findChanges};
