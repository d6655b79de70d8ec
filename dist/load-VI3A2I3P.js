import{b as a,c as b}from"./yaml-BUOAWU5Z.js";import"./clock-YYITXEHT.js";export{a as loadConfig,b as loadWithIssues};
