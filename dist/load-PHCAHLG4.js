import{b as a,c as b}from"./yaml-BYMYSZVY.js";import"./clock-YYITXEHT.js";export{a as loadConfig,b as loadWithIssues};
