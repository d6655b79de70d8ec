import{f as r,h as e,i as m,j as o}from"./client-cloudwatch-3B72HWBK.js";var s=class extends e(m,o,"DescribeAlarms",r){};export{s as a};
