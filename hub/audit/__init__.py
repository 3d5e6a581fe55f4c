"""What happened, as the privacy officer reads it: every act and refusal, in the transaction of the act."""
