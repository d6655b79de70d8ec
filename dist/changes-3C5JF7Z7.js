import{a}from"./git-6RVTCD7H.js";import"./clock-YYITXEHT.js";export{a as findChanges};
