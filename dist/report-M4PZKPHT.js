import{a,b,c}from"./report-5A5FZ5VD.js";import"./clock-YYITXEHT.js";export{a as reportJob,b as reportRollback,c as reportServices};
