import{a}from"./git-AOC3EMEI.js";import"./clock-YYITXEHT.js";export{a as findChanges};
