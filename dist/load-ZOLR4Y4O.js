import{b as a,c as b}from"./yaml-M5V6HIRL.js";import"./clock-YYITXEHT.js";export{a as loadConfig,b as loadWithIssues};
