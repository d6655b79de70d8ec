import{b as a,c as b}from"./yaml-AKSWRZ4C.js";import"./clock-YYITXEHT.js";export{a as loadConfig,b as loadWithIssues};
