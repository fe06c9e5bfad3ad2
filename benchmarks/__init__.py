"""What the project measures about itself: ratios against the bare parts in the same run, never seconds alone."""
