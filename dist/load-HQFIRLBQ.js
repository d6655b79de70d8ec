import{b as a,c as b}from"./yaml-ZQB73X4W.js";import"./clock-YYITXEHT.js";export{a as loadConfig,b as loadWithIssues};
