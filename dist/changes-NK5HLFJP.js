import{a}from"./git-PZKORPUV.js";import"./clock-YYITXEHT.js";export{a as findChanges};
