-- note
--migrate:up transaction:false a:b
do $x$ begin; /* /* */ */ end $x$; select E'\';', "a""b", 'c''d';
-- migrate:down
