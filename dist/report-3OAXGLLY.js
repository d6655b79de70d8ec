import{a,b,c}from"./report-ZLLIDEV5.js";import"./clock-YYITXEHT.js";export{a as reportJob,b as reportRollback,c as reportServices};
