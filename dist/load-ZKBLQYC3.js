import{b as a,c as b}from"./yaml-FKYIRM6W.js";import"./clock-YYITXEHT.js";export{a as loadConfig,b as loadWithIssues};
