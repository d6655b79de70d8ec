import{a}from"./git-YVA4GGAR.js";import"./clock-YYITXEHT.js";export{a as findChanges};
